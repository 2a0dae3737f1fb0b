/** Gradients of tf.js's operations, bundled when ncn is built (cli/vendor.ts). */
declare module '#gradients';
