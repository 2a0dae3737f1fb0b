/** Name of the figure of what an untrained network gives: figure 21 of the post. */
export const untrainedFigure = 'before-training';

/** Name of the figure of what pre-training alone gives: the left half of figure 23. */
export const pretrainedFigure = 'dcgans_v7-pretrained';

/** A text in the languages of the page. */
export type Text = Readonly<Record<Language, string>>;

export type Language = 'en' | 'ko';

/** A figure of the post: what it shows, in our words, and what it was shown for. */
export interface Caption {
  /** Number in the post. */
  readonly figure: number;
  /** Whose numbers belong to it, and the post's name of that; null for any experiment. */
  readonly preset: string | null;
  readonly experiment: string | null;
  /** Names of ours, one beside the other. */
  readonly pictures: readonly string[];
  readonly text: Text;
  readonly claims: readonly string[];
}

const of = (
  figure: number,
  preset: string,
  version: string,
  claims: readonly string[],
  en: string,
  ko: string,
): Caption => ({
  ...{ figure, preset, claims },
  experiment: `resConvNet_${version}`,
  pictures: [preset],
  text: { en, ko },
});

/** Figures 11 to 28 of "Noise Canceling Network Project 2", its results. */
export const captions: readonly Caption[] = [
  of(
    11,
    'dcnn_v1',
    'v1_dcnn',
    ['C1', 'C2', 'C3', 'C11'],
    'L1 training; the network sees the reference unscaled: good.',
    'L1 학습. 네트워크에는 크기를 바꾸지 않은 참조가 주어진다: 좋다.',
  ),
  of(
    12,
    'dcnn_v2',
    'v2_dcnn',
    ['C1', 'C2'],
    'The network sees the reference as loud as it is in the mixture: as good, or better.',
    '네트워크에는 혼합에 들어간 크기 그대로의 참조가 주어진다: 비슷하거나 더 좋다.',
  ),
  of(
    13,
    'dcnn_v3',
    'v3_dcnn',
    ['C2'],
    'The target is asked for at a constant scale: clearly worse.',
    '목표를 일정한 크기로 돌려주어야 한다: 뚜렷이 나쁘다.',
  ),
  of(
    14,
    'dcnn_v5',
    'v5_dcnn',
    ['C3'],
    '1,000 training images: worse, yet not bad.',
    '학습 이미지 1,000장: 더 나쁘지만 나쁘지는 않다.',
  ),
  of(
    15,
    'dcgans_v1',
    'v1_dcgans',
    ['C4', 'C11'],
    'Vanilla GAN, adversarial weight 0.001, unpaired updates: works.',
    '일반 GAN, 적대 가중치 0.001, 짝짓지 않은 갱신: 된다.',
  ),
  of(
    16,
    'dcgans_v2',
    'v2_dcgans',
    ['C4', 'C11'],
    'Adversarial weight 0.1, unpaired: the output is the reference.',
    '적대 가중치 0.1, 짝짓지 않음: 출력이 참조가 된다.',
  ),
  of(
    17,
    'dcgans_v3',
    'v3_dcgans',
    ['C4', 'C11'],
    'Adversarial weight 1, unpaired: the output is the reference.',
    '적대 가중치 1, 짝짓지 않음: 출력이 참조가 된다.',
  ),
  of(
    18,
    'dcgans_v4',
    'v4_dcgans',
    ['C5', 'C11'],
    'Adversarial weight 0.001, paired updates: works.',
    '적대 가중치 0.001, 짝지은 갱신: 된다.',
  ),
  of(
    19,
    'dcgans_v5',
    'v5_dcgans',
    ['C5', 'C11'],
    'Adversarial weight 0.1, paired: the output is the reference.',
    '적대 가중치 0.1, 짝지음: 출력이 참조가 된다.',
  ),
  of(
    20,
    'dcgans_v6',
    'v6_dcgans',
    ['C5', 'C11'],
    'Adversarial weight 1, paired: the output is the reference.',
    '적대 가중치 1, 짝지음: 출력이 참조가 된다.',
  ),
  {
    figure: 21,
    preset: null,
    experiment: null,
    pictures: [untrainedFigure],
    text: {
      en: 'Before training the output looks like the reference, because of the long skip.',
      ko: '학습 전의 출력은 긴 건너뛰기 연결 때문에 참조처럼 보인다.',
    },
    claims: ['C6'],
  },
  of(
    22,
    'dcgans_v7',
    'v7_dcgans',
    ['C7', 'C11'],
    'Adversarial weight 0.001, after pre-training on the content loss alone: good.',
    '적대 가중치 0.001, 내용 손실만으로 사전 학습한 뒤: 좋다.',
  ),
  {
    ...of(
      23,
      'dcgans_v7',
      'v7_dcgans',
      ['C7'],
      'After pre-training, and at the end: GAN training changed little.',
      '사전 학습 뒤와 끝: GAN 학습이 바꾼 것은 거의 없다.',
    ),
    pictures: [pretrainedFigure, 'dcgans_v7'],
  },
  of(
    24,
    'conditional_v1',
    'v1_conditional_dcgans',
    ['C8', 'C11'],
    'Conditional GAN, content and adversarial weight 1: not as good as without the content loss.',
    '조건부 GAN, 내용과 적대 가중치 모두 1: 내용 손실이 없을 때보다 못하다.',
  ),
  of(
    25,
    'conditional_v2',
    'v2_conditional_dcgans',
    ['C8', 'C11'],
    'Conditional GAN, adversarial weight 0.001: not as good as without the content loss.',
    '조건부 GAN, 적대 가중치 0.001: 내용 손실이 없을 때보다 못하다.',
  ),
  of(
    26,
    'conditional_v3',
    'v3_conditional_dcgans',
    ['C8', 'C9', 'C11'],
    'Conditional GAN without a content loss, paired: looks better.',
    '내용 손실이 없는 조건부 GAN, 짝지음: 더 좋아 보인다.',
  ),
  of(
    27,
    'conditional_v4',
    'v4_conditional_dcgans',
    ['C9', 'C11'],
    'The same, unpaired: the pairing matters little.',
    '같은 것, 짝짓지 않음: 짝은 거의 영향이 없다.',
  ),
  of(
    28,
    'conditional_v5',
    'v5_conditional_dcgans',
    ['C10', 'C11'],
    'Conditional GAN with SEGAN’s ramp of the content weight, 1 to 100: good.',
    'SEGAN처럼 내용 가중치를 1에서 100으로 올리는 조건부 GAN: 좋다.',
  ),
];
