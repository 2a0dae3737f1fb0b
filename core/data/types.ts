/** Grey images, one byte a pixel (0 black, 255 white), stored one after the other. */
export interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count × height × width bytes. */
  readonly pixels: Uint8Array;
}

export interface Dataset {
  /** `mnist`, `glyphs`, or `idx:DIR`. */
  readonly name: string;
  readonly train: Images;
  readonly test: Images;
  /** SHA-256 (hex) over the content of both splits, pixels and shape. */
  readonly hash: string;
  /** Where it came from, for people: a folder, or `generated, seed 1`. */
  readonly source: string;
  /** Something every table and picture made from this data must say (a fallback, say). */
  readonly notice?: string;
}

export interface DatasetRequest {
  /** `auto`, `mnist`, `glyphs`, `idx:DIR`, or the name of a plugin's data set. */
  readonly name: string;
  /** Folder with IDX files (`--data`), where the user gave one. */
  readonly dir?: string;
  /** Tells the user what happens: progress of a download, a fallback. */
  readonly report?: (message: string) => void;
}

/** How one data set is obtained. */
export interface DatasetProvider {
  readonly name: string;
  /** One line for `ncn data`. */
  readonly summary: string;
  load(request: DatasetRequest): Promise<Dataset>;
}
