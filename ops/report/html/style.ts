/** Contrast is at least 4.5 to 1 in both schemes; nothing is told by colour alone. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1f2328; --quiet: #57606a; --line: #8c959f; --box: #f6f8fa;
  --link: #0550ae; --create: #116329; --update: #7d4e00; --replace: #6639ba; --delete: #a40e26; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --text: #e6edf3; --quiet: #9da7b3; --line: #6e7681; --box: #161b22; --link: #79c0ff;
    --create: #56d364; --update: #e3b341; --replace: #d2a8ff; --delete: #ff8b85; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--page); z-index: 1; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
a { color: var(--link); }
header, nav, main, footer { max-width: 75rem; margin: 0 auto; padding: 0 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .25rem 0; }
h1 { margin: 1.5rem 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.35rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
.verdict { padding: .75rem 1rem; border: 2px solid; border-left-width: .75rem; font-size: 1.1rem; font-weight: 600; }
.good { border-color: var(--create); }
.bad { border-color: var(--delete); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { background: var(--box); }
code { font: .9em ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin: .5rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
td ul { margin: 0; padding-left: 1.1rem; }
.create { color: var(--create); } .update { color: var(--update); } .replace { color: var(--replace); } .delete { color: var(--delete); }
.create, .update, .replace, .delete, .no { font-weight: 700; }
.no { color: var(--delete); }
figure { margin: 1rem 0; }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--text); font: 14px system-ui, sans-serif; }
svg .name { font-weight: 700; }
svg .box { fill: var(--box); stroke: var(--line); }
svg .host { fill: var(--page); }
svg .link { stroke: var(--line); stroke-width: 2; }
svg .votes { stroke-dasharray: 6 4; }
svg g.create > .box { stroke: var(--create); stroke-width: 3; } svg g.update > .box { stroke: var(--update); stroke-width: 3; }
svg g.replace > .box { stroke: var(--replace); stroke-width: 3; }
svg g.delete > .box { stroke: var(--delete); stroke-width: 3; stroke-dasharray: 7 4; }
svg g.create, svg g.update, svg g.replace, svg g.delete { font-weight: inherit; }
footer { color: var(--quiet); padding: 2rem 1rem; }
@media print {
  :root { --page: #ffffff; --text: #000000; --quiet: #444444; --line: #777777; --box: #ffffff; --link: #000000;
    --create: #116329; --update: #7d4e00; --replace: #6639ba; --delete: #a40e26; }
  body { font-size: 10pt; }
  nav, .skip { display: none; }
  header, main, footer { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  h2, h3 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  thead { display: table-header-group; }
  details::details-content { content-visibility: visible; height: auto; }
}
`;
