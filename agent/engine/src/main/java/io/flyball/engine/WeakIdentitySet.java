package io.flyball.engine;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Objects, compared by identity, for as long as somebody else holds them. Thread safe. */
final class WeakIdentitySet<T> {
  private final Set<Member> members = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> dead = new ReferenceQueue<>();

  void add(T object) {
    for (Reference<?> gone = dead.poll(); gone != null; gone = dead.poll()) {
      members.remove(gone);
    }
    members.add(new Member(object, dead));
  }

  boolean contains(T object) {
    return !members.isEmpty() && members.contains(new Member(object, null));
  }

  private static final class Member extends WeakReference<Object> {
    private final int hash;

    Member(Object object, ReferenceQueue<Object> queue) {
      super(object, queue);
      this.hash = System.identityHashCode(object);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object object = get();
      return object != null && other instanceof Member && ((Member) other).get() == object;
    }
  }
}
