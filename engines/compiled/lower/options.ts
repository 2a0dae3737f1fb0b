/** How to lower: for which machine, and in which ways. */
export interface LoweringOptions {
  /** Channels in a block of the CPU's blocked convolutions; 0: plain convolutions. */
  readonly block: number;
  /** Elements in a chunk of a large optimizer update; 0: no chunks. */
  readonly chunk: number;
  /** One standard operator where there is one, even if others together are faster on the CPU. */
  readonly portable?: boolean;
  /** Convolutions of many channels by minimal filtering where that is faster. */
  readonly winograd?: boolean;
  /** Tells the library all shapes: it then computes ahead what depends on no input. */
  readonly knownShapes?: boolean;
}
