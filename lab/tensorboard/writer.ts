import type { FileHandle } from 'node:fs/promises';
import { AppendFile } from '../../core/run/append-file.js';
import { token } from '../../core/services/tokens.js';
import { eventCodec, type EventMessage } from './messages.js';
import { endOfRecords, frameRecord, readRecords } from './records.js';
import { TensorBoardRecords } from './summaries.js';

const fileVersion = 'brain.Event:2';

/** A place in an event file for records that are made later, while others follow. */
export interface HeldPlace {
  /** Writes there, with the time at which the place was taken. */
  readonly board: TensorBoardRecords;
  /** All is there: what follows can be written. */
  readonly release: () => void;
}

/** Records that wait because some before them are not made yet. */
interface Waiting {
  readonly records: Uint8Array[];
  open: boolean;
}

/**
 * Writes a TensorBoard event file, at its end only: scalars, images, sound, histograms, text,
 * hyperparameters and the graph. Records are kept in memory until {@link write} or {@link flush}.
 *
 * Equal calls give records of equal length, also at other times: a TensorBoard that follows the
 * file goes on undisturbed when a resumed run writes its last records again.
 */
export class TensorBoardWriter extends TensorBoardRecords {
  private readonly waiting: Waiting[] = [];

  private constructor(
    private readonly file: AppendFile,
    private readonly time: () => number,
  ) {
    super((event) => this.put(event), time);
  }

  /**
   * Opens the file, creating it where there is none; a record that a crash left torn is cut off.
   * @param now the time for the records, seconds since 1970
   * @throws NcnError where it cannot be opened for writing
   */
  static async open(
    path: string,
    now: () => number = () => Date.now() / 1000,
  ): Promise<TensorBoardWriter> {
    const writer = new TensorBoardWriter(await AppendFile.open(path, wholeRecords), now);
    writer.begin();
    return writer;
  }

  get path(): string {
    return this.file.path;
  }

  /** Where the next record begins, in bytes, counting what is not written yet. */
  get position(): number {
    const waiting = this.waiting.flatMap(({ records }) => records);
    return waiting.reduce((sum, { length }) => sum + length, this.file.position);
  }

  /**
   * Takes the next place in the file for records that are made later, such as pictures that are drawn while training
   * goes on. What is written to the file meanwhile comes after them, as if they had been made now. To be released
   * before the next {@link flush}.
   */
  hold(): HeldPlace {
    const place: Waiting = { records: [], open: true };
    this.waiting.push(place, { records: [], open: false });
    const now = this.time();
    const board = new TensorBoardRecords(
      (event) => place.records.push(framed(event)),
      () => now,
    );
    const release = (): void => {
      place.open = false;
      while (this.waiting[0]?.open === false) {
        this.waiting.shift()?.records.forEach((record) => this.file.append(record));
      }
    };
    return { board, release };
  }

  /** Lets a TensorBoard that follows see everything so far. @throws NcnError for a full disk, … */
  write(): Promise<void> {
    return this.file.write();
  }

  /**
   * Makes everything so far durable; to be called before {@link position} is kept.
   * @throws NcnError; Error where a place is still held
   */
  async flush(): Promise<void> {
    if (this.waiting.length > 0) {
      throw new Error(`a place in ${this.path} is held, and was not released: hold()`);
    }
    await this.file.flush();
  }

  /**
   * Forgets everything after `position`, a value of {@link position} at some earlier time.
   * @returns false where the file is shorter: then nothing is cut, and records are missing
   * @throws NcnError where it cannot be cut
   */
  async truncateTo(position: number): Promise<boolean> {
    await this.flush();
    if (position > this.position) return false;
    await this.file.truncateTo(position, () => undefined);
    this.begin();
    return true;
  }

  /** Writes what is left and closes. @throws NcnError; the file is closed all the same */
  close(): Promise<void> {
    // Of a run that fails, what there is.
    for (const { records } of this.waiting.splice(0)) {
      for (const record of records) this.file.append(record);
    }
    return this.file.close();
  }

  private begin(): void {
    if (this.position === 0) this.put({ wallTime: this.time(), fileVersion });
  }

  private put(event: EventMessage): void {
    const last = this.waiting.at(-1);
    if (last === undefined) this.file.append(framed(event));
    else last.records.push(framed(event));
  }
}

const framed = (event: EventMessage): Uint8Array => frameRecord(eventCodec.encode(event));

/** The writer of the run's event file, from `runStart` on where the plugin `tensorboard` is loaded. */
export const TensorBoardToken = token<TensorBoardWriter>('tensorboard');

async function wholeRecords(file: FileHandle, size: number): Promise<number> {
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  return endOfRecords(bytes);
}

/** The events of an event file's bytes, in order; what is torn at the end is left out. */
export function* readTensorBoard(bytes: Buffer): Generator<EventMessage, void, undefined> {
  for (const { data } of readRecords(bytes)) yield eventCodec.decode(data);
}
