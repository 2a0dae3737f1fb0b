import { definePreset, use } from 'ncn';

/** Not one of the post's sixteen: only its script and figure 29 exist. */
export default definePreset({
  name: 'conditional_v6',
  aliases: ['resConvNet_v6_conditional_dcgans'],
  summary: 'a script that is not in the post: conditional D present, adversarial weight 0',
  about: { figures: [29] },
  extends: 'protocol',
  updates: 500_000,
  plugins: [
    use('augmentation', { variant: 'A' }),
    use('discriminator.conditional'),
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0 }), // D learns, G does not hear of it
    use('updates.paired'),
  ],
});
