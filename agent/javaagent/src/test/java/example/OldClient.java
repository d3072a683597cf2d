package example;

/** A class of a version of the library that lacks what the instrumentation needs. */
public class OldClient {

  public String call(String question) {
    return "network:" + question;
  }
}
