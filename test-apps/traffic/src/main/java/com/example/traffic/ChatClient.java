package com.example.traffic;

/** An HTTP client, in the few forms that these programs need. */
public interface ChatClient {

  /** Makes a POST of JSON ready; nothing is sent yet. */
  Question ask(String url, String json) throws Exception;

  /** The library's own object: its client, or what stands for the latest request. */
  Object underlying();

  /** The client of that name: {@code okhttp}, {@code http-url-connection} or a class name. */
  static ChatClient named(String name) throws ReflectiveOperationException {
    switch (name) {
      case "okhttp":
        return new OkHttpChat();
      case "http-url-connection":
        return new HttpUrlConnectionChat();
      default:
        return (ChatClient) Class.forName(name).getDeclaredConstructor().newInstance();
    }
  }

  /** One request. */
  interface Question {

    /** Sends it and waits for the head of the answer. */
    Reply send() throws Exception;

    /** Gives it up, from another thread than the one that sends. */
    void cancel();
  }
}
