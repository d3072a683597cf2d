package com.example.supportdesk;

import com.openai.client.OpenAIClient;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Help articles, found by the nearest embedding. */
final class KnowledgeBase {
  private static final String MODEL = "text-embedding-3-small";

  private final OpenAIClient client;
  private final List<String> articles;
  private final List<List<Float>> vectors = new ArrayList<>();

  KnowledgeBase(OpenAIClient client, List<String> articles) {
    this.client = client;
    this.articles = articles;
  }

  String nearestTo(String question) {
    if (vectors.isEmpty()) {
      vectors.addAll(embed(articles));
    }
    List<Float> wanted = embed(Collections.singletonList(question)).get(0);
    int best = 0;
    for (int i = 1; i < vectors.size(); i++) {
      if (cosine(vectors.get(i), wanted) > cosine(vectors.get(best), wanted)) {
        best = i;
      }
    }
    return articles.get(best);
  }

  private List<List<Float>> embed(List<String> texts) {
    CreateEmbeddingResponse response =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder().model(MODEL).inputOfArrayOfStrings(texts).build());
    List<List<Float>> result = new ArrayList<>();
    for (Embedding embedding : response.data()) {
      result.add(embedding.embedding());
    }
    return result;
  }

  private static double cosine(List<Float> a, List<Float> b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      dot += a.get(i) * b.get(i);
      lengthA += a.get(i) * a.get(i);
      lengthB += b.get(i) * b.get(i);
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }
}
