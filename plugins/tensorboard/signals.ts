import { exampleAt } from 'ncn';
import type { TensorBoardRecords } from 'ncn/lab';
import { errorPicture, gridPicture, rastersOf, type ShownSignal } from 'ncn/media';

/** Examples of which there is sound, at most, as TensorFlow has it. */
const maxClips = 3;

/** Examples of an evaluation: the roles of the batch at the beginning, the output every time. */
export async function writeSignals(
  board: TensorBoardRecords,
  update: number,
  signals: readonly ShownSignal[],
): Promise<void> {
  const picturesOf = ({ medium, tensor }: ShownSignal) => rastersOf(medium, tensor);
  for (const signal of signals) {
    if (signal.role !== 'output' && update > 0) continue;
    const tag = signal.label.replaceAll(' ', '_');
    board.image(`images/${tag}`, update, gridPicture(picturesOf(signal)));
    await writeSound(board, `audio/${tag}`, update, signal);
  }
  const [output, target] = ['output', 'target'].map((role) =>
    signals.find((signal) => signal.role === role),
  );
  if (output === undefined || target === undefined) return;
  const [is, should] = [picturesOf(output), picturesOf(target)];
  if (is[0]?.width !== should[0]?.width || is[0]?.height !== should[0]?.height) return;
  board.image('images/error', update, errorPicture(is, should));
}

async function writeSound(
  board: TensorBoardRecords,
  tag: string,
  update: number,
  { medium, tensor }: ShownSignal,
): Promise<void> {
  const { plays = false, mime, sampleRate } = medium;
  // TensorBoard plays WAV files and nothing else.
  if (!plays || mime !== 'audio/wav' || sampleRate === undefined) return;
  const [count = 0, frames = 0, channels = 1] = tensor.shape;
  for (let i = 0; i < Math.min(count, maxClips); i++) {
    const wav = await medium.encode(exampleAt(tensor, i));
    board.audio(`${tag}/${i}`, update, { wav, sampleRate, channels, frames });
  }
}
