import { scaleLabel } from 'ncn/lab';
import type { Analysis } from './analysis.js';
import { captions, type Caption, type Language, type Text } from './captions.js';
import { updatesOf } from './conditions.js';
import { tableOf } from './markdown.js';
import { experimentCells } from './tables.js';

export const languages: readonly Language[] = ['en', 'ko'];

/** What a new page is called. */
export const figuresTitle: Text = {
  en: 'The post’s figures, and ours',
  ko: '글의 그림과 우리 그림',
};

const words: Readonly<Record<string, Text>> = {
  intro: {
    en: 'Each result figure of the post, what it was shown for, ours of the same experiment, and what the numbers say of the claims. The post’s pictures are not repeated here; the figures are numbered as it numbers them. Ours show the first seed; numbers are means over the seeds.',
    ko: '글의 결과 그림마다 그것이 보이려던 것, 같은 실험의 우리 그림, 그리고 주장에 대해 숫자가 말하는 것. 글의 그림은 여기에 다시 싣지 않으며 번호는 글의 번호를 따른다. 우리 그림은 첫 시드, 숫자는 시드 전체의 평균이다.',
  },
  scale: { en: 'scale', ko: '규모' },
  seeds: { en: 'seeds', ko: '시드' },
  updates: { en: 'updates', ko: '갱신' },
  content: { en: 'content error', ko: '내용 오차' },
  collapse: { en: 'collapse, %', ko: '붕괴, %' },
  claim: { en: 'claim', ko: '주장' },
  figure: { en: 'Figure', ko: '그림' },
  confirmed: { en: 'confirmed', ko: '확인됨' },
  contradicted: { en: 'contradicted', ko: '반박됨' },
  undecided: { en: 'undecided', ko: '결정 안 됨' },
};

/** The claims in Korean; in English they are said as the tests of them are. */
const claimsInKorean: Readonly<Record<string, string>> = {
  C1: '혼합에서의 크기 그대로의 참조는 크기를 바꾸지 않은 참조와 비슷하거나 더 좋다',
  C2: '일정한 출력 크기를 요구하면 결과가 뚜렷이 나쁘다',
  C3: '학습 이미지 1,000장은 60,000장보다 나쁘지만 나쁘지는 않다',
  C4: '짝짓지 않을 때 적대 가중치 0.001은 되고, 0.1과 1은 참조로 붕괴한다',
  C5: '짝지을 때 적대 가중치 0.001은 되고, 0.1과 1은 참조로 붕괴한다',
  C6: '학습 전의 출력은 참조처럼 보인다',
  C7: '사전 학습 뒤의 GAN 학습은 거의 바꾸지 않는다',
  C8: '조건부 판별기가 있으면 내용 손실을 빼는 편이 더 좋아 보인다',
  C9: '내용 손실이 없으면 갱신의 짝은 거의 영향이 없다',
  C10: '내용 가중치를 1에서 100으로 올리는 SEGAN의 방식은 좋은 결과를 준다',
  C11: '어떤 GAN도 단순한 L1 학습을 이기지 못한다',
};

/**
 * The post's figures beside ours, as Markdown: a function of the raw numbers and of which pictures
 * there are.
 * @param figures of each scale by name, as paths from the page
 */
export function figuresPage(
  scales: readonly Analysis[],
  figures: readonly ReadonlyMap<string, string>[],
  language: Language,
): string {
  const say = (word: string): string => words[word]?.[language] ?? word;
  return [say('intro'), ...captions.flatMap((caption) => sectionOf(caption, scales))].join('\n\n');

  function sectionOf(caption: Caption, all: readonly Analysis[]): string[] {
    const { figure, experiment, preset, text } = caption;
    return [
      [
        `## ${say('figure')} ${String(figure)}`,
        ...(preset === null ? [] : [`\`${preset}\` (${experiment ?? ''})`]),
      ].join(': '),
      text[language],
      ...all.flatMap((scale, i) => picturesOf(caption, scale, figures[i] ?? new Map())),
      ...(preset === null ? [] : [numbersOf(preset, all)]),
      verdictsOf(caption, all),
    ];
  }

  function picturesOf(
    { pictures }: Caption,
    { results }: Analysis,
    paths: ReadonlyMap<string, string>,
  ): string[] {
    const images = pictures.flatMap((name) => {
      const path = paths.get(name);
      return path === undefined ? [] : [`![${name}, ${scaleLabel(results)}](${path})`];
    });
    return images.length === 0 ? [] : [images.join(' ')];
  }

  /** Mean over the seeds at each scale. */
  function numbersOf(preset: string, all: readonly Analysis[]): string {
    const head = ['scale', 'seeds', 'updates', 'content', 'SSIM', 'collapse'].map(say);
    const rows = all.flatMap(({ results, rows: experiments }) => {
      const experiment = experiments.find((row) => row.preset === preset);
      const run = experiment?.runs.find(({ state }) => state === 'done');
      if (experiment === undefined || run === undefined) return [];
      const [, , seeds = '', , content = '', , , ssim = '', collapse = ''] =
        experimentCells(experiment);
      return [[scaleLabel(results), seeds, updatesOf(run), content, ssim, collapse]];
    });
    return tableOf(head, rows);
  }

  function verdictsOf({ claims }: Caption, all: readonly Analysis[]): string {
    const head = [say('claim'), '', ...all.map(({ results }) => scaleLabel(results))];
    const rows = claims.map((id) => {
      const judged = all.map(({ claims: own }) => own.find((claim) => claim.id === id));
      const english = judged[0]?.text ?? '';
      const verdicts = judged.map((claim) => say(claim?.moving ?? 'undecided'));
      return [id, language === 'en' ? english : (claimsInKorean[id] ?? english), ...verdicts];
    });
    return tableOf(head, rows);
  }
}
