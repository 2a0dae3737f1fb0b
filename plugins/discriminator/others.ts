const names = ['conditional', 'patch', 'spectral', 'vanilla'].map((n) => `discriminator.${n}`);

/** An experiment has one discriminator: of these plugins, the last that was added stays. */
export const others = (name: string): string[] => names.filter((other) => other !== name);
