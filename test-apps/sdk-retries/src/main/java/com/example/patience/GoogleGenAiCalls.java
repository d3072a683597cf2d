package com.example.patience;

import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;

/** google-genai with short retries, and with its own long ones where the case is "patient". */
public final class GoogleGenAiCalls {

  private GoogleGenAiCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(GoogleGenAiCalls::call);
  }

  private static Object call(String name, String url) throws Exception {
    HttpRetryOptions.Builder retries = HttpRetryOptions.builder();
    if (!name.equals("patient")) {
      retries.attempts(3).initialDelay(0.02);
    }
    try (Client client =
        Client.builder()
            .apiKey("none")
            .httpOptions(HttpOptions.builder().baseUrl(url).retryOptions(retries.build()).build())
            .build()) {
      if (name.equals("model")) {
        return client.models.get("gemini-3-flash", null);
      }
      if (name.equals("async")) {
        return client.async.models.generateContent("gemini-3-flash", "Hello?", null).get();
      }
      return client.models.generateContent("gemini-3-flash", "Hello?", null);
    }
  }
}
