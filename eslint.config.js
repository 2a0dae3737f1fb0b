import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const outsideNcn = {
  patterns: [
    {
      // The package's entries, Node's own modules, and files of the same folder.
      regex: '^(?!ncn$|ncn/(engine|lab|media|testing)$|node:|\\./)',
      message: "Import from 'ncn', 'ncn/media' or 'ncn/lab', as any plugin does.",
    },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'runs/', 'bench/peers/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
    },
  },
  {
    files: ['plugins/**/*.ts', 'presets/**/*.ts', 'studies/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', outsideNcn],
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression', message: "Import 'ncn' at the top." },
        { selector: "CallExpression[callee.name='require']", message: "Import 'ncn' at the top." },
      ],
    },
  },
);
