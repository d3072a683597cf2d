package com.example.traffic;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Deploys and undeploys applications, each with libraries of its own in a class loader of its own,
 * and prints how many of the loaders are still there.
 *
 * <p>Arguments: base URL, how many, how many of their loaders may be left.
 */
public final class WebApplications {

  private WebApplications() {}

  public static void main(String[] arguments) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      loaders.add(deployAndUndeploy(arguments[0]));
    }
    int enough = Integer.parseInt(arguments[2]);
    System.out.println("deployed " + loaders.size());
    System.out.println("left " + Survivors.afterCollection(loaders, enough));
    System.exit(0);
  }

  private static WeakReference<ClassLoader> deployAndUndeploy(String url) throws Exception {
    URLClassLoader loader =
        new URLClassLoader(libraries(), ClassLoader.getSystemClassLoader().getParent());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(loader);
    try {
      Object application =
          loader
              .loadClass("com.example.traffic.WebApplication")
              .getConstructor(String.class)
              .newInstance(url);
      System.out.println(((Callable<?>) application).call());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
      loader.close();
    }
    return new WeakReference<>(loader);
  }

  private static URL[] libraries() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(new File(path).toURI().toURL());
    }
    return urls.toArray(new URL[0]);
  }
}
