/** What a clip's output reaches: dB, STOI and ESTOI, the overall opinion of DNSMOS, dB. */
export interface ClipScores {
  readonly sdr: number;
  readonly siSdr: number;
  readonly stoi: number;
  readonly estoi: number;
  readonly dnsmos: number;
  readonly erle: number;
}

export interface SpeechResults {
  /** Of each clip, by method; the microphone among them. */
  readonly methods: ReadonlyMap<string, readonly ClipScores[]>;
  /** The method that the others are compared with. */
  readonly network: string;
  /** CPU seconds by method. */
  readonly spent: Readonly<Record<string, number>>;
  /** Of sound. */
  readonly seconds: number;
  /** Of each clip, what kind it is of. */
  readonly groups: readonly string[];
}

const digits = { sdr: 2, siSdr: 2, stoi: 3, estoi: 3, dnsmos: 2, erle: 1 } as const;
const columns = ['sdr', 'siSdr', 'stoi', 'estoi', 'dnsmos', 'erle'] as const;
type Column = (typeof columns)[number];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  const centre = mean(values);
  const square = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(square / Math.max(1, values.length - 1) / values.length);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Tables in Markdown: means of each method, and the network's differences clip by clip. */
export function speechTable(results: SpeechResults): string {
  const { methods, network, spent, seconds, groups } = results;
  const microphone = methods.get('microphone') ?? [];
  const valuesOf = (name: string, column: Column): number[] =>
    (methods.get(name) ?? []).map((scores, i) => {
      const gain = column === 'sdr' || column === 'siSdr' ? (microphone[i]?.[column] ?? NaN) : 0;
      return scores[column] - gain;
    });
  const lines = [
    `${microphone.length} clips, ${seconds.toFixed(0)} s`,
    '',
    row([
      'method',
      'SDRf gain dB',
      'SI-SDR gain dB',
      'STOI',
      'ESTOI',
      'DNSMOS',
      'ERLE dB',
      'CPU s / s',
    ]),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
  ];
  for (const name of methods.keys()) {
    const cells = columns.map((column) => mean(valuesOf(name, column)).toFixed(digits[column]));
    const time = spent[name];
    lines.push(row([name, ...cells, time === undefined ? '' : (time / seconds).toFixed(3)]));
  }
  lines.push('', `${network} less another, clip by clip (mean ± standard error, better in)`, '');
  lines.push(row(['less', 'SDRf dB', 'SI-SDR dB', 'STOI', 'ESTOI', 'DNSMOS', 'ERLE dB']));
  lines.push(row(['---', '--:', '--:', '--:', '--:', '--:', '--:']));
  for (const name of methods.keys()) {
    if (name === network || name === 'microphone') continue;
    const cells = columns.map((column) => {
      const others = valuesOf(name, column);
      const differences = valuesOf(network, column).map((value, i) => value - (others[i] ?? NaN));
      const better = differences.filter((value) => value > 0).length;
      const places = digits[column];
      return `${mean(differences).toFixed(places)} ± ${standardError(differences).toFixed(places)} (${better})`;
    });
    lines.push(row([name, ...cells]));
  }
  const kinds = [...new Set(groups)].sort();
  if (kinds.length > 1) {
    lines.push('', 'SDRf gain in dB by kind of clip', '');
    lines.push(
      row([
        'method',
        ...kinds.map((kind) => `${kind} (${groups.filter((g) => g === kind).length})`),
      ]),
    );
    lines.push(row(['---', ...kinds.map(() => '--:')]));
    for (const name of methods.keys()) {
      const gains = valuesOf(name, 'sdr');
      const cells = kinds.map((kind) =>
        mean(gains.filter((_, i) => groups[i] === kind)).toFixed(2),
      );
      lines.push(row([name, ...cells]));
    }
  }
  return lines.join('\n');
}
