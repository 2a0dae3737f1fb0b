/** Loaded before ncn: the system's clock jumps. `NCN_PROOF_CLOCK='HOURS MILLISECONDS'`. */
const [hours = 0, after = 0] = (process.env['NCN_PROOF_CLOCK'] ?? '').split(' ').map(Number);
const began = performance.now();
const TrueDate = Date;

const shift = (): number => (performance.now() - began < after ? 0 : Math.round(hours * 3_600_000));

/** The same, but for what it believes to be now. */
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given: unknown[]) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + shift()] : given) as Date,
  apply: () => new TrueDate(TrueDate.now() + shift()).toString(),
  get: (target, name, receiver): unknown =>
    name === 'now' ? () => target.now() + shift() : Reflect.get(target, name, receiver),
});
