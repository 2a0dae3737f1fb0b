import { describeSchedule, schedule } from '../../core/experiment/schedule.js';

const scheduled = schedule();

/** A value of a configuration for people: schedules in words, no quotes around words. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  const { success, data } = scheduled.safeParse(value);
  if (success) return describeSchedule(data);
  if (Array.isArray(value)) return value.map(inWords).join(', ') || 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).map(([key, part]) => `${key} ${inWords(part)}`);
  return parts.join(', ') || 'none';
}
