package com.example.orders;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Translates notes on other threads than the request's, each by a model of its own, so that it can
 * be told afterwards which call was which.
 */
@RestController
class ElsewhereController {
  private final OrderController orders;
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  ElsewhereController(OrderController orders) {
    this.orders = orders;
  }

  private String translated(String id) {
    return orders.note(id, "ft:gpt-4.1-mini:" + id);
  }

  @GetMapping("/elsewhere/{id}/pool")
  String pool(@PathVariable("id") String id) throws Exception {
    return pool.submit(() -> translated(id)).get();
  }

  @GetMapping("/elsewhere/{id}/future")
  CompletableFuture<String> future(@PathVariable("id") String id) {
    return CompletableFuture.supplyAsync(() -> "order " + id, pool)
        .thenApplyAsync(text -> translated(id));
  }

  @GetMapping("/elsewhere/{id}/callable")
  Callable<String> callable(@PathVariable("id") String id) {
    return () -> translated(id);
  }

  @GetMapping("/elsewhere/{id}/async")
  void async(@PathVariable("id") String id, HttpServletRequest request) {
    AsyncContext context = request.startAsync();
    context.start(
        () -> {
          try {
            context.getResponse().getWriter().print(translated(id));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            context.complete();
          }
        });
  }
}
