import { letters } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/models.ts`. */
export const modelSamples = ({ noise }: SampleMaker): Samples => ({
  'openai-key': {
    positive: [`sk-proj-${noise(58)}T3BlbkFJ${noise(58)}`, `sk-${noise(20)}T3BlbkFJ${noise(20)}`],
    negative: [`sk-proj-${noise(120)}`],
  },
  'anthropic-key': { positive: [`sk-ant-api03-${noise(93)}AA`], negative: ['sk-ant-api03-...'] },
  'hugging-face-token': {
    positive: [`hf_${noise(34, letters)}`, `api_org_${noise(34, letters)}`],
    negative: ['hf_hub_download'],
  },
  'perplexity-key': { positive: [`pplx-${noise(48)}`], negative: ['pplx-api'] },
  'groq-key': { positive: [`gsk_${noise(52)}`], negative: ['gsk_renderer'] },
  'replicate-token': { positive: [`r8_${noise(37)}`], negative: ['r8_unorm'] },
});
