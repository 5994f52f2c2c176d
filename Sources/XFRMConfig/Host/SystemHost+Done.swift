internal import XFRMKit

/// A plan that was cut short may have done it.
///
/// - Returns: Whether it was not done before.
@discardableResult
func unlessDone(_ body: () throws(NetlinkError) -> Void) throws(NetlinkError) -> Bool {
  do throws(NetlinkError) { try body() } catch {
    guard case .refused(let refusal) = error, refusal.errno == .fileExists else { throw error }
    return false
  }
  return true
}

func unlessGone(_ body: () throws(NetlinkError) -> Void) throws(NetlinkError) {
  do throws(NetlinkError) { try body() } catch {
    guard case .refused(let refusal) = error,
      [SystemErrno.noSuchDevice, .noSuchProcess, .noSuchFile, .addressNotAvailable]
        .contains(refusal.errno)
    else { throw error }
  }
}
