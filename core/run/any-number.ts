import { z } from 'zod';

/** A number of any kind, NaN and the infinities included, for the schema of a plugin's state. */
export const anyNumber = () => z.custom<number>((value) => typeof value === 'number');
