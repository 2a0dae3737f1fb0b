/** What the build takes of the package (cli/vendor.ts). */
declare module '#echarts' {
  export { init } from 'echarts/core';
}
