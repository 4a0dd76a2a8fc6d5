import { PANEL_TAG } from "../shared/types";
import { FrontdeskPanel } from "./element";

if (!customElements.get(PANEL_TAG)) customElements.define(PANEL_TAG, FrontdeskPanel);
