import type { OpenRunOptions } from './open-run.js';

/** What the command line gives `ncn denoise`. */
export interface DenoiseOptions extends OpenRunOptions {
  readonly input?: string;
  readonly reference?: string;
  /** `name=file` of further inputs. */
  readonly signal?: readonly string[];
  /** Takes the inputs from this example of the test set, and writes them beside the output. */
  readonly example?: number;
  readonly output?: string;
  /** Of a recording: how. */
  readonly method?: string;
  /** Of a recording: whose network. */
  readonly run?: string;
  /** Samples from standard input to standard output. */
  readonly stream?: boolean;
  /** Of a stream: milliseconds by which the reference comes later in the microphone's signal. */
  readonly delay?: number;
}
