// A value, or why there is none.
#pragma once

#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

#include "ropewalk/base/diagnostic.hpp"

namespace ropewalk::base {

/// A value, or every reason why there is none. Library functions return it instead of throwing or printing; a
/// caller that does not look at it is a warning.
template<class T>
class [[nodiscard]] Result : public tl::expected<T, Diagnostics> {
    using Base = tl::expected<T, Diagnostics>;

public:
    using Base::Base;
    Result() = default;
    Result(Base other) : Base(std::move(other)) {}

    /// What `next`, a function of the value to another result, makes of it; else the failure.
    template<class Next>
    auto and_then(Next&& next) const& {
        return then(*this, next);
    }
    template<class Next>
    auto and_then(Next&& next) && {
        return then(std::move(*this), next);
    }

    /// What `next`, a function of the value to another value or to none, makes of it; else the failure.
    template<class Next>
    auto map(Next&& next) const& {
        return mapped(*this, next);
    }
    template<class Next>
    auto map(Next&& next) && {
        return mapped(std::move(*this), next);
    }

private:
    template<class Self, class Next>
    static decltype(auto) call(Self&& self, Next& next) {
        if constexpr (std::is_void_v<T>)
            return next();
        else
            return next(*std::forward<Self>(self));
    }

    template<class Self, class Next>
    static auto then(Self&& self, Next& next) {
        using Answer = std::remove_cvref_t<decltype(call(std::forward<Self>(self), next))>;
        if (!self) return Answer(tl::unexpected(std::forward<Self>(self).error()));
        return call(std::forward<Self>(self), next);
    }

    template<class Self, class Next>
    static auto mapped(Self&& self, Next& next) {
        using Answer = Result<std::remove_cvref_t<decltype(call(std::forward<Self>(self), next))>>;
        if (!self) return Answer(tl::unexpected(std::forward<Self>(self).error()));
        if constexpr (std::is_void_v<typename Answer::value_type>) {
            call(std::forward<Self>(self), next);
            return Answer();
        } else {
            return Answer(call(std::forward<Self>(self), next));
        }
    }
};

/// That something was done, or every reason why it was not.
using Status = Result<void>;

} // namespace ropewalk::base
