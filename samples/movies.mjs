// Movies: a list of films (JSON on stdin) turned into a summary by genre
import { text } from "node:stream/consumers";
import process from "node:process";

const movies = JSON.parse(await text(process.stdin));
const genres = new Map();
for (const movie of movies) {
  const genre = movie["Major Genre"];
  if (genre === null || genre === undefined) continue;
  const group = genres.get(genre) ?? { films: 0, ratings: [], gross: 0, best: null };
  group.films += 1;
  group.gross += movie["Worldwide Gross"] ?? 0;
  const rating = movie["IMDB Rating"];
  if (typeof rating === "number") {
    group.ratings.push(rating);
    // A handful of votes makes no masterpiece.
    if ((movie["IMDB Votes"] ?? 0) > 10_000 && rating > (group.best?.rating ?? 0)) group.best = { title: movie.Title, rating };
  }
  genres.set(genre, group);
}

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length === 0 ? null : sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const summary = [...genres]
  .map(([genre, { films, ratings, gross, best }]) => ({ genre, films, medianRating: median(ratings), grossMillions: Math.round(gross / 1e6), best }))
  .sort((a, b) => b.grossMillions - a.grossMillions);

console.error(`${movies.length} films in ${summary.length} genres`);
console.log(JSON.stringify(summary, null, 2));
