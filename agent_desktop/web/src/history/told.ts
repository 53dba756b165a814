/** The story of a call as the page tells it. */

import type { StoryLine } from "../shared/schema";

/** The lines without those that only repeat the phase the call was in already. */
export function told(story: readonly StoryLine[]): StoryLine[] {
  let phase = "";
  return story.filter((line) => {
    if (line.what !== "phase") return true;
    const news = line.detail !== phase;
    phase = line.detail;
    return news;
  });
}
