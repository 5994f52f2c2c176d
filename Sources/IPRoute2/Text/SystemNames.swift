internal import Glibc

/// What the text takes from the system that it is printed on.
public struct SystemNames: Sendable {
  /// What /etc/protocols calls a protocol, by number.
  public var proto: @Sendable (UInt8) -> String?
  /// The name of a network device, by the kernel's number for it.
  public var interface: @Sendable (UInt32) -> String?
  /// The local time of so many seconds since 1970; `nil` where there is no such year.
  public var localTime: @Sendable (Int64) -> CalendarTime?
  /// The time now, in seconds since 1970.
  public var now: @Sendable () -> (seconds: Int64, microseconds: UInt32)

  /// Takes them from somewhere else.
  public init(
    proto: @escaping @Sendable (UInt8) -> String?,
    interface: @escaping @Sendable (UInt32) -> String?,
    localTime: @escaping @Sendable (Int64) -> CalendarTime?,
    now: @escaping @Sendable () -> (seconds: Int64, microseconds: UInt32)
  ) {
    self.proto = proto
    self.interface = interface
    self.localTime = localTime
    self.now = now
  }
}

/// A time as calendars and clocks tell it.
public struct CalendarTime: Hashable, Sendable {
  /// The year of our era.
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  /// 0 is Sunday.
  public var weekday: Int
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int
  /// 0 to 60.
  public var second: Int

  /// The parts of a date and a time. Nothing is checked.
  public init(
    year: Int, month: Int, day: Int, weekday: Int, hour: Int, minute: Int, second: Int
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.weekday = weekday
    self.hour = hour
    self.minute = minute
    self.second = second
  }
}

// MARK: - The running system's

extension SystemNames {
  /// Those of the running system, the calling thread's network namespace, and the time zone of `TZ`.
  public static let live = SystemNames(
    proto: liveProtocol, interface: liveInterface, localTime: liveTime, now: liveNow)

  private static func liveProtocol(_ number: UInt8) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { scratch in
      // Sound: what is found points into the scratch space, and is copied before that goes.
      var entry = unsafe protoent()
      var found: UnsafeMutablePointer<protoent>?
      let result = unsafe getprotobynumber_r(
        Int32(number), &entry, scratch.baseAddress, scratch.count, &found)
      guard result == 0, let name = unsafe found?.pointee.p_name else { return nil }
      return unsafe String(cString: name)
    }
  }

  private static func liveInterface(_ index: UInt32) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { scratch in
      // Sound: there is room for every name, and what is found is terminated.
      guard let name = unsafe if_indextoname(index, scratch.baseAddress) else { return nil }
      return unsafe String(cString: name)
    }
  }

  private static func liveTime(_ seconds: Int64) -> CalendarTime? {
    var seconds = time_t(seconds)
    var local = unsafe tm()
    // Sound: both outlive the call.
    guard unsafe localtime_r(&seconds, &local) != nil else { return nil }
    return unsafe CalendarTime(
      year: 1900 + Int(local.tm_year), month: 1 + Int(local.tm_mon), day: Int(local.tm_mday),
      weekday: Int(local.tm_wday), hour: Int(local.tm_hour), minute: Int(local.tm_min),
      second: Int(local.tm_sec))
  }

  private static func liveNow() -> (seconds: Int64, microseconds: UInt32) {
    var time = timespec()
    // Sound: the time outlives the call.
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return (Int64(time.tv_sec), UInt32(time.tv_nsec / 1000))
  }
}
