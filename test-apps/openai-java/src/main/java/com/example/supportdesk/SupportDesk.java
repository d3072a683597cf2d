package com.example.supportdesk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Works through the morning's support tickets: finds the help article, decides on urgency, drafts
 * an answer. An ordinary application that knows nothing of Flyball.
 *
 * <p>Argument: how many tickets (they repeat when there are fewer), or {@code forever}: one every
 * two seconds until the program is ended. Reads {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL}
 * like every program on openai-java.
 */
public final class SupportDesk {
  private final KnowledgeBase knowledgeBase;
  private final Triage triage;
  private final AnswerDrafter drafter;

  SupportDesk(OpenAIClient client, List<String> articles) {
    this.knowledgeBase = new KnowledgeBase(client, articles);
    this.triage = new Triage(client);
    this.drafter = new AnswerDrafter(client);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean forever = arguments.length > 0 && arguments[0].equals("forever");
    int wanted =
        forever ? Integer.MAX_VALUE : arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
    OpenAIClient client = OpenAIOkHttpClient.fromEnv();
    int failed = 0;
    try {
      SupportDesk desk = new SupportDesk(client, lines("/articles.txt"));
      List<String> tickets = lines("/tickets.txt");
      for (int i = 0; i < wanted; i++) {
        Ticket ticket = Ticket.parse(tickets.get(i % tickets.size()));
        long start = System.nanoTime();
        try {
          String result = desk.work(ticket);
          System.out.println("ticket " + ticket.number() + ' ' + result);
        } catch (RuntimeException e) {
          failed++;
          System.out.println("ticket " + ticket.number() + " FAILED " + e.getClass().getName());
        }
        if (forever) {
          TimeUnit.SECONDS.sleep(2);
        }
        if (System.getProperty("supportdesk.timings") != null) {
          System.out.println("took " + (System.nanoTime() - start) / 1000 + " us");
        }
      }
    } finally {
      client.close();
    }
    System.out.println("worked " + (wanted - failed) + " of " + wanted);
  }

  private String work(Ticket ticket) {
    String article = knowledgeBase.nearestTo(ticket.text());
    String urgency = triage.urgencyOf(ticket);
    String answer = drafter.draft(ticket, article);
    return urgency + " | " + article.substring(0, article.indexOf(':')) + " | " + answer;
  }

  private static List<String> lines(String resource) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SupportDesk.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    return lines;
  }
}
