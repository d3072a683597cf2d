package com.example.supportdesk;

final class Ticket {
  private final String number;
  private final String plan;
  private final String text;

  private Ticket(String number, String plan, String text) {
    this.number = number;
    this.plan = plan;
    this.text = text;
  }

  static Ticket parse(String line) {
    String[] parts = line.split("\\|", 3);
    return new Ticket(parts[0], parts[1], parts[2]);
  }

  String number() {
    return number;
  }

  String plan() {
    return plan;
  }

  String text() {
    return text;
  }
}
