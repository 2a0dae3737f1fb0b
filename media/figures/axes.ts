export interface AxisOptions {
  readonly name: string;
  /** A logarithmic axis; values that are not above zero are left out. */
  readonly logarithmic: boolean;
}

const label = (value: number): string => String(Number(value.toPrecision(3)));

/** The option of a vertical axis that holds the values from `low` to `high`, for echarts. */
export function verticalAxis({ name, logarithmic }: AxisOptions, low: number, high: number) {
  const common = {
    name,
    nameLocation: 'middle' as const,
    nameGap: 50,
    nameTextStyle: { fontSize: 13, color: '#000000' },
  };
  const ticks = logarithmic ? logarithmicTicks(low, high) : [];
  const [min, max] = [ticks[0], ticks.at(-1)];
  if (min === undefined || max === undefined) {
    return { type: 'value' as const, axisLabel: { formatter: label }, ...common };
  }
  return {
    type: 'log' as const,
    min,
    max,
    axisTick: { customValues: ticks },
    axisLabel: { customValues: ticks, formatter: label },
    ...common,
  };
}

/**
 * Ticks of a logarithmic axis around the values from `low` to `high`: 1, 2 and 5 of each power of
 * ten, or only powers where these span much. Empty unless 0 < low ≤ high.
 */
export function logarithmicTicks(low: number, high: number): number[] {
  if (!(low > 0 && low <= high && Number.isFinite(high))) return [];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const digits = decades <= 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 8));
  const ticks: number[] = [];
  for (let power = first; power <= last + every; power += every) {
    // Parsed, since a power of ten may be off by its last bit.
    for (const digit of digits) ticks.push(Number(`${digit}e${power}`));
  }
  const from = ticks.findLastIndex((tick) => tick <= low);
  const to = ticks.findIndex((tick) => tick >= high);
  // All values equal to a tick: the axis still needs a length.
  return ticks.slice(Math.max(0, from), Math.max(to, from + 1) + 1);
}
