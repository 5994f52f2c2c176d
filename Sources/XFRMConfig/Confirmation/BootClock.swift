internal import Glibc

/// Counts from the start of the kernel, through its sleep, and heeds nobody who sets the time.
enum BootClock {
  /// In milliseconds.
  static var now: UInt64 {
    var time = timespec()
    // Sound: the time outlives the call, which fails for no clock that there is.
    _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1000 + UInt64(max(0, time.tv_nsec)) / 1_000_000
  }
}

/// The time of day.
public enum WallClock {
  /// In seconds since 1970.
  public static var now: UInt64 { UInt64(max(0, time(nil))) }
}
