const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C, CI that has waited long enough, a terminal that is closed. Returns what takes the handlers off. */
export function onSignal(act: () => void): () => void {
  const off = (): void => void SIGNALS.forEach((signal) => process.off(signal, act));
  for (const signal of SIGNALS) process.once(signal, act);
  return off;
}
