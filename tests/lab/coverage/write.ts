import { writeFileSync } from "node:fs";
import { renderCoverage } from "../../../lab/coverage/render";
import { coverage, PAGE } from "./coverage";

writeFileSync(PAGE, renderCoverage(coverage()));
