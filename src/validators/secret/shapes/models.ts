import type { Shape } from './shape.ts';

/** Services of language models. */
export const modelShapes: readonly Shape[] = [
  {
    id: 'openai-key',
    title: 'an OpenAI key',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'T3BlbkFJ'],
    // The constant in the middle is the base64 of "OpenAI".
    pattern:
      /(?:(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin)-[\w-]{20,100}T3BlbkFJ[\w-]{20,100}|(?<=(?<![A-Za-z0-9])sk-[A-Za-z0-9]{20})T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9]))/y,
    entropy: 3,
    source: 'https://platform.openai.com/docs/api-reference/authentication',
    gitleaks: ['openai-api-key'],
  },
  {
    id: 'anthropic-key',
    title: 'an Anthropic key',
    anchors: ['sk-ant-'],
    pattern:
      /(?<![A-Za-z0-9])sk-ant-(?:(?:api03|admin01)-[\w-]{93}AA|(?:oat|ort|sid)\d\d-[\w-]{80,120})(?![\w-])/y,
    entropy: 3.5,
    source: 'https://docs.anthropic.com/en/api/overview',
    gitleaks: ['anthropic-api-key', 'anthropic-admin-api-key'],
  },
  {
    id: 'hugging-face-token',
    title: 'a Hugging Face token',
    anchors: ['hf_', 'api_org_'],
    pattern: /(?<![A-Za-z0-9])(?:hf|api_org)_[A-Za-z]{34}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://huggingface.co/docs/hub/security-tokens',
    gitleaks: ['huggingface-access-token', 'huggingface-organization-api-token'],
  },
  {
    id: 'perplexity-key',
    title: 'a Perplexity key',
    anchors: ['pplx-'],
    pattern: /(?<![A-Za-z0-9])pplx-[A-Za-z0-9]{48}(?![A-Za-z0-9])/y,
    entropy: 4,
    source: 'https://docs.perplexity.ai/guides/getting-started',
    gitleaks: ['perplexity-api-key'],
  },
  {
    id: 'groq-key',
    title: 'a Groq key',
    anchors: ['gsk_'],
    pattern: /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9])/y,
    entropy: 4,
    source: 'https://console.groq.com/docs/quickstart',
  },
  {
    id: 'replicate-token',
    title: 'a Replicate token',
    anchors: ['r8_'],
    pattern: /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/y,
    entropy: 3.5,
    source: 'https://replicate.com/docs/reference/http',
  },
];
