import ArgumentParser

/// What `xfrmctl check` may do about modules.
struct LoadingOptions: ParsableArguments {
  @Flag(help: "Load missing modules through modprobe; what is blocked stays out.")
  var load = false

  @Flag(help: "With --load: have them loaded at each boot (/etc/modules-load.d).")
  var persist = false

  @Flag(help: "Ask the kernel nothing that might make it load a module.")
  var noLoad = false

  @Flag(help: "Take out what --load has loaded, and the list of --persist.")
  var undo = false

  func validate() throws {
    if load, noLoad { throw ValidationError("--load does not go with --no-load") }
    if persist, !load { throw ValidationError("--persist goes with --load") }
    if undo, load || noLoad { throw ValidationError("--undo goes with no other option but --json") }
  }

  /// The first that is given.
  var option: String? {
    load ? "--load" : persist ? "--persist" : noLoad ? "--no-load" : undo ? "--undo" : nil
  }
}
