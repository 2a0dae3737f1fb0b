/** Made by the build (cli/vendor.ts), after this was compiled. */
declare module '#gradients';
