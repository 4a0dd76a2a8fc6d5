declare module "*.css" {
  const text: string;
  export default text;
}

/** Name of the panel's file, with the hash of its content in it; set by the build. */
declare const PANEL_FILE: string;
/** Subresource-integrity hash of that file; set by the build. */
declare const PANEL_INTEGRITY: string;
