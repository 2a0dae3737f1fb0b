/** Sentences that the page and the Markdown share. */
export const explanations = {
  numbers:
    'Mean over the seeds ± half of the 95 % confidence interval (Student t); where that interval would hold what cannot be (a negative error, a rate above 100 %), the median [lowest, highest] instead. Content is the L1 error on the test set, target gain 0.5 and reference gain 0.7; black is what an all-black image scores, so only an error clearly below it is denoising. Collapse is the share of outputs nearer to the reference than to the target. "Batch BN" normalises with the statistics of the batch instead of the moving averages.',
  scale:
    '`dcnn_v3` must return the target at scale 1, the others at 0.5: a black image scores twice as much there. The claims compare errors divided by that scale.',
  spread:
    'Median [lowest, highest] over the seeds: the results of adversarial training are not normally distributed. A seed collapses when more than half of its outputs are nearer to the reference than to the target; the interval is Clopper and Pearson’s.',
  claims:
    'A verdict holds at this scale only. The criteria were fixed before the runs (claims.md, with their reasons): a claim is confirmed when the 95 % interval of every part lies on the criterion’s side, contradicted when that of one part lies on the other side, and undecided otherwise. Tests: Student t over the seeds, paired by seed where two experiments are compared (ratios on their logarithm); p is one-sided against the criterion. Intervals of shares are cut to 0 and 100 %.',
  power:
    '"Seeds to decide" is how many seeds would give an interval on one side of the criterion with a probability of 80 %, if mean and spread stay as measured.',
  scales:
    'Does the scale change the verdict? Verdicts with moving averages; what was expected of `standard` was written down before its first run (claims.md).',
  figures: 'Reference, input, ground truth and result on the 16 fixed test images, first seed.',
} as const;
