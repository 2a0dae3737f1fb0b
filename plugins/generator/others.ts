const names = ['dncnn', 'resconvnet', 'unet'].map((n) => `generator.${n}`);

/** An experiment has one generator: of these plugins, the last that was added stays. */
export const others = (name: string): string[] => names.filter((other) => other !== name);
