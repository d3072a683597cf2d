package example;

/** A client library as an application would bring it. */
public class Client {

  /** What the network would answer. */
  public String call(String question) {
    return "network:" + question;
  }
}
