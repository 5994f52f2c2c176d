internal import CNetlink
internal import Glibc
internal import XFRMKit

/// An AF_PACKET socket whose packets, without their link header, arrive in a ring of memory.
///
/// The kernel copies each packet into the ring the moment it passes. A socket without a ring keeps
/// a reference to the packet instead, whose pages the receiving end of a virtual cable may decrypt
/// in place before anybody has looked: what was read then was never on the wire.
@safe struct PacketSocket: ~Copyable {
  private let descriptor: Int32
  private let ring: UnsafeMutableRawPointer
  /// How many packets the ring has room for.
  let frames: Int
  private let frameBytes: Int

  /// What is kept of each packet.
  enum Extent: Int {
    /// Room for the longest headers and for the traffic's marker behind them, in bytes.
    case start = 512
    /// Room for all of it, the link layer's header in front.
    case whole = 2_048
  }

  /// The kernel allocates the ring in such pieces.
  private static let blockBytes = 64 * 1024
  private var ringBytes: Int { frames * frameBytes }
  /// `ETH_P_ALL`
  private static let everyProtocol: UInt16 = 3

  /// Watches an interface.
  ///
  /// - Parameters:
  ///   - descriptor: What ``open()`` has opened; it is closed if this fails.
  ///   - interfaceIndex: Which, in the namespace that it was opened in.
  ///   - packets: How many must find room before the first is looked at.
  ///   - extent: What is kept of each: what ``open(_:)`` was asked for.
  init(
    _ descriptor: Int32, interfaceIndex: Int32, packets: Int, _ extent: Extent = .start
  ) throws(LabError) {
    frameBytes = extent.rawValue
    let framesOfBlock = Self.blockBytes / frameBytes
    frames = (packets + framesOfBlock - 1) / framesOfBlock * framesOfBlock
    unsafe ring = try Self.watch(descriptor, interfaceIndex, frames, frameBytes)
    self.descriptor = descriptor
  }

  /// Opens a socket in the calling thread's namespace. It is bound to nothing at first, so that
  /// nothing from other interfaces gets in.
  ///
  /// - Parameter extent: With whole packets come their link headers.
  static func open(_ extent: Extent = .start) throws(LabError) -> Int32 {
    let kind = extent == .whole ? CNL_SOCK_RAW : CNL_SOCK_DGRAM
    let descriptor = socket(
      AF_PACKET, Int32(kind | CNL_SOCK_CLOEXEC | CNL_SOCK_NONBLOCK), 0)
    guard descriptor >= 0 else { throw .system("open a packet socket", .current) }
    return descriptor
  }

  private static func watch(
    _ descriptor: Int32, _ interfaceIndex: Int32, _ frames: Int, _ frameBytes: Int
  ) throws(LabError) -> UnsafeMutableRawPointer {
    do throws(LabError) {
      try takeOnlyWhatIsSent(descriptor)
      let ring = unsafe try makeRing(descriptor, frames, frameBytes)
      do throws(LabError) {
        try bind(descriptor, interfaceIndex)
      } catch {
        unsafe munmap(ring, frames * frameBytes)
        throw error
      }
      return unsafe ring
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    unsafe munmap(ring, ringBytes)
    close(descriptor)
  }

  /// Judges the packet at a position of the ring, if one is there, and moves on.
  borrowing func next(_ position: inout Int, _ udpPorts: Set<UInt16>) -> CapturedPacket? {
    // Sound: the position stays below the number of frames, and a frame that the kernel has handed
    // over is ours until its status is written; its offsets are the kernel's own.
    let frame = unsafe ring + position * frameBytes
    let status = unsafe frame.assumingMemoryBound(to: UInt32.self)
    guard unsafe cnl_load_acquire(status) & UInt32(TP_STATUS_USER) != 0 else { return nil }
    let header = unsafe frame.load(as: tpacket2_hdr.self)
    let addressOffset = (MemoryLayout<tpacket2_hdr>.size + 15) & ~15
    let address = unsafe (frame + addressOffset).load(as: sockaddr_ll.self)
    let start = unsafe UnsafeRawBufferPointer(
      start: frame + Int(header.tp_mac), count: Int(header.tp_snaplen))
    let bytes = unsafe Array(start)
    unsafe cnl_store_release(status, UInt32(TP_STATUS_KERNEL))
    position = (position + 1) % frames
    return CapturedPacket(
      frame: bytes, linkBytes: Int(header.tp_net) - Int(header.tp_mac), length: Int(header.tp_len),
      etherType: UInt16(bigEndian: address.sll_protocol), seconds: header.tp_sec,
      nanoseconds: header.tp_nsec, udpPorts: udpPorts)
  }

  /// Puts a packet on the interface, its link header in front; only if whole packets are kept.
  borrowing func send(_ frame: [UInt8]) throws(LabError) {
    // Sound: the frame outlives the call and comes with its own size.
    let sent = unsafe Glibc.send(descriptor, frame, frame.count, 0)
    guard sent == frame.count else { throw .system("send a packet", .current) }
  }

  borrowing func wait(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1
  }

  /// Packets that found the ring full, since this was last asked.
  var missed: Int {
    // What cannot be told is not taken for none.
    (try? Self.statistics(descriptor).missed) ?? 1
  }

  private static func makeRing(
    _ descriptor: Int32, _ frames: Int, _ frameBytes: Int
  ) throws(LabError) -> UnsafeMutableRawPointer {
    var version = Int32(TPACKET_V2.rawValue)
    let ringBytes = frames * frameBytes
    var request = tpacket_req(
      tp_block_size: UInt32(blockBytes), tp_block_nr: UInt32(ringBytes / blockBytes),
      tp_frame_size: UInt32(frameBytes), tp_frame_nr: UInt32(frames))
    // Sound: both options outlive the calls and come with their own sizes.
    guard
      unsafe setsockopt(
        descriptor, SOL_PACKET, PACKET_VERSION, &version, socklen_t(MemoryLayout<Int32>.size)) == 0,
      unsafe setsockopt(
        descriptor, SOL_PACKET, PACKET_RX_RING, &request,
        socklen_t(MemoryLayout<tpacket_req>.size)) == 0
    else { throw .system("make room for captured packets", .current) }
    guard
      let ring = unsafe mmap(nil, ringBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe ring != MAP_FAILED
    else { throw .system("map the captured packets", .current) }
    return unsafe ring
  }

  /// A filter of four instructions: packets that come in would only fill the ring.
  private static func takeOnlyWhatIsSent(_ descriptor: Int32) throws(LabError) {
    let packetType = UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PKTTYPE)
    var program = [
      sock_filter(code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: packetType),
      sock_filter(
        code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: 0, jf: 1, k: UInt32(PACKET_OUTGOING)),
      sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
      sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
    ]
    try attach(&program, to: descriptor)
  }
}

extension PacketSocket {
  /// Lets the kernel put only those packets into a socket's queue that a program takes.
  static func attach(_ program: inout [sock_filter], to descriptor: Int32) throws(LabError) {
    // Sound: program and option outlive the call, and the length is the program's.
    let result = unsafe program.withUnsafeMutableBufferPointer { program in
      var option = unsafe sock_fprog(len: UInt16(program.count), filter: program.baseAddress)
      return unsafe setsockopt(
        descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &option,
        socklen_t(MemoryLayout<sock_fprog>.size))
    }
    guard result == 0 else { throw .system("filter captured packets", .current) }
  }

  /// Lets a socket see the packets of one interface.
  static func bind(_ descriptor: Int32, _ interfaceIndex: Int32) throws(LabError) {
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = everyProtocol.bigEndian
    address.sll_ifindex = interfaceIndex
    // Sound: the address outlives the call and comes with its own size.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
      }
    }
    guard result == 0 else { throw .system("watch an interface", .current) }
  }

  /// What a socket has seen since this was last asked: packets that its filter took, those for
  /// which there was no room among them, and those alone.
  static func statistics(_ descriptor: Int32) throws(LabError) -> (taken: Int, missed: Int) {
    var statistics = tpacket_stats()
    var length = socklen_t(MemoryLayout<tpacket_stats>.size)
    // Sound: the struct outlives the call and comes with its own size.
    let result = unsafe getsockopt(
      descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)
    guard result == 0 else { throw .system("ask what was captured", .current) }
    return (Int(statistics.tp_packets), Int(statistics.tp_drops))
  }
}
