/** A file whose content is known. */
export interface KnownFile {
  /** Name without `.gz`. */
  readonly name: string;
  /** Of the decompressed content, in hex. */
  readonly sha256: string;
  /** Of the decompressed content. */
  readonly bytes: number;
  /** Kept for other tools: no experiment reads it. */
  readonly optional: boolean;
}
