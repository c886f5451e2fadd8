// Where a demo keeps its data while it runs.

/** Of the directory's name, in the system's directory for temporary files. */
export const DEMO_DIR_PREFIX = 'relay-demo-';
