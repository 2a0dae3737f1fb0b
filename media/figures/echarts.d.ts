/** The package types only its main entry. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
