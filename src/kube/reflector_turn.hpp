// One step of the reflector's machine in the making: the state being changed, the
// effects being collected, the time it is. Lives for one call of step().
#pragma once

#include "src/kube/reflector_machine.hpp"

namespace lookout::kube {

class ReflectorTurn {
 public:
  ReflectorTurn(ReflectorState& state, ReflectorEffects& effects, MonoTime now)
      : state_(state), effects_(effects), now_(now) {}

  void begin_list();
  void after_delay();
  void response_started();
  void bookmark(const Bookmark& bookmark);
  void object_seen(const ObjectSeen& object);
  void request_ended(const RequestEnded& end);

 private:
  using Next = ReflectorState::Next;

  // The list phase (reflector_turn_list.cpp).
  void send_list(std::string version, std::uint32_t limit);
  void watch_list_ended(const RequestEnded& end);
  void list_ended(const RequestEnded& end);
  void page_ended(const ListEnd& page);
  void list_expired(const Error& error);
  void halve_pages_if_slow(const Error& error);
  void fall_back_to_list();
  void begin_replace();
  void abort_replace();
  void commit(const std::string& version);

  // The watch phase (reflector_turn_watch.cpp).
  void send_watch();
  void send_probe();
  void watch_ended(const RequestEnded& end);
  void watch_ended_cleanly();
  void watch_broken(const RequestEnded& end);
  void watch_expired(const Error& error);
  void probe_ended(const RequestEnded& end);
  void relist(RelistReason reason);
  void wait_to_relist(const Error& error);
  void advance(const std::string& version);

  // Both (reflector_turn.cpp).
  void send(ListQuery query);
  void wait(Duration delay, Next next);
  void back_off(Next next);
  void fail(const Error& error, Next next);
  void worked();
  Duration retry_after_delay(std::chrono::seconds retry_after);
  double chance();
  std::uint32_t watch_timeout_seconds();

  ReflectorState& state_;
  ReflectorEffects& effects_;
  const MonoTime now_;
};

}  // namespace lookout::kube
