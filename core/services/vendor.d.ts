/** Packages of many modules, each in one file (cli/vendor.ts). */
declare module '#inversify' {
  export { Container } from 'inversify';
}
declare module '#log-update' {
  export { createLogUpdate } from 'log-update';
}
