/** The package without its script for installing (cli/vendor.ts). */
declare module '#koffi' {
  export { default } from 'koffi';
}
