#include "ropewalk/images/datasets/glyphs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ropewalk/base/random.hpp"

namespace ropewalk::datasets {

namespace {

constexpr int side = 28;

struct Point {
    double x = 0, y = 0;
};
using Stroke = std::vector<Point>;
using Glyph = std::vector<Stroke>;

/// Points along an ellipse, angles in degrees, clockwise from the right (y points down).
void add_arc(Stroke& stroke, Point centre, double radius_x, double radius_y, double from, double to) {
    constexpr int pieces = 10;
    for (int i = 0; i <= pieces; ++i) {
        const double angle = (from + (to - from) * i / pieces) * std::numbers::pi / 180;
        stroke.push_back({centre.x + radius_x * std::cos(angle), centre.y + radius_y * std::sin(angle)});
    }
}

Stroke arc(Point centre, double radius_x, double radius_y, double from, double to) {
    Stroke stroke;
    add_arc(stroke, centre, radius_x, radius_y, from, to);
    return stroke;
}

/// The strokes of a digit in the square from (-1, -1), top left, to (1, 1).
Glyph strokes(int digit) {
    switch (digit) {
    case 0: return {arc({0, 0}, 0.6, 1, 0, 360)};
    case 1: return {{{-0.35, -0.6}, {0.1, -1}, {0.1, 1}}};
    case 2: {
        Stroke stroke = arc({0, -0.45}, 0.6, 0.55, -170, 40);
        stroke.insert(stroke.end(), {{-0.6, 1}, {0.65, 1}});
        return {stroke};
    }
    case 3: {
        Stroke stroke = arc({-0.05, -0.5}, 0.55, 0.5, -150, 90);
        add_arc(stroke, {-0.05, 0.5}, 0.62, 0.5, -90, 150);
        return {stroke};
    }
    case 4: return {{{0.25, 1}, {0.25, -1}, {-0.65, 0.4}, {0.7, 0.4}}};
    case 5: {
        Stroke stroke{{0.55, -1}, {-0.45, -1}, {-0.5, -0.1}};
        add_arc(stroke, {-0.05, 0.4}, 0.6, 0.58, -130, 140);
        return {stroke};
    }
    case 6: {
        Stroke stroke{{0.4, -1}, {-0.2, -0.5}};
        add_arc(stroke, {0, 0.42}, 0.57, 0.57, 190, 550);
        return {stroke};
    }
    case 7: return {{{-0.6, -1}, {0.6, -1}, {-0.15, 1}}};
    case 8: return {arc({0, -0.5}, 0.48, 0.5, 90, 450), arc({0, 0.5}, 0.58, 0.5, -90, 270)};
    default: {
        Stroke stroke = arc({0, -0.42}, 0.57, 0.57, 10, 370);
        stroke.push_back({0.3, 1});
        return {stroke};
    }
    }
}

double between(base::RandomStream& random, double low, double high) {
    return low + (high - low) * random.uniform();
}

/// Wobble of every point, then one affine map of the whole glyph onto the image, in pixels.
Glyph distorted(Glyph glyph, base::RandomStream& random) {
    const double angle = 0.17 * random.normal(), slant = 0.15 * random.normal();
    const double scale_x = between(random, 6, 9), scale_y = between(random, 7.5, 10);
    const Point place{side / 2.0 + between(random, -2, 2), side / 2.0 + between(random, -2, 2)};
    // A smooth wobble: neighbouring points of a stroke move together.
    const double wave = between(random, 0.02, 0.10), phase = between(random, 0, 2 * std::numbers::pi);
    const double pace = between(random, 1.5, 3.5);
    for (Stroke& stroke : glyph)
        for (Point& point : stroke) {
            const Point bent{point.x + wave * std::sin(pace * point.y + phase) + 0.02 * random.normal(),
                             point.y + wave * std::cos(pace * point.x + phase) + 0.02 * random.normal()};
            const double x = scale_x * (bent.x - slant * bent.y), y = scale_y * bent.y;
            point = {place.x + x * std::cos(angle) - y * std::sin(angle),
                     place.y + x * std::sin(angle) + y * std::cos(angle)};
        }
    return glyph;
}

double squared_distance(Point p, Point a, Point b) {
    const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const double along =
        length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
    const double x = p.x - a.x - along * dx, y = p.y - a.y - along * dy;
    return x * x + y * y;
}

/// Ink 0..1 by distance from the nearest stroke, only near each segment.
std::array<double, side * side> inked(const Glyph& glyph, double pen) {
    std::array<double, side * side> ink{};
    const double reach = pen + 1;
    for (const Stroke& stroke : glyph)
        for (std::size_t i = 1; i < stroke.size(); ++i) {
            const Point a = stroke[i - 1], b = stroke[i];
            const auto low = [&](double p, double q) {
                return std::clamp(static_cast<int>(std::floor(std::min(p, q) - reach)), 0, side);
            };
            const auto high = [&](double p, double q) {
                return std::clamp(static_cast<int>(std::ceil(std::max(p, q) + reach)), 0, side);
            };
            for (int y = low(a.y, b.y); y < high(a.y, b.y); ++y)
                for (int x = low(a.x, b.x); x < high(a.x, b.x); ++x) {
                    const double distance = std::sqrt(squared_distance({x + 0.5, y + 0.5}, a, b));
                    double& pixel = ink[static_cast<std::size_t>(y * side + x)];
                    pixel = std::max(pixel, std::clamp(pen + 0.5 - distance, 0.0, 1.0));
                }
        }
    return ink;
}

void draw(int digit, base::RandomStream& random, std::uint8_t* pixels) {
    const Glyph glyph = distorted(strokes(digit), random);
    const auto ink = inked(glyph, between(random, 0.8, 1.6));
    const double contrast = between(random, 150, 255), paper = between(random, 0, 40);
    const double noise = between(random, 5, 25);
    for (std::size_t i = 0; i < ink.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(std::lround(
            std::clamp(paper + (contrast - paper) * ink[i] + noise * random.normal(), 0.0, 255.0)));
}

Images draw_images(std::size_t count, std::size_t first, const GlyphOptions& options) {
    Images images{1, side, side, std::vector<std::uint8_t>(count * side * side),
                  std::vector<std::uint8_t>(count)};
    base::parallel_for(count, options.threads, [&](std::size_t i) {
        base::RandomStream random(options.seed, base::Purpose::glyph, first + i);
        const int label = static_cast<int>(i % 10) + 1;
        images.labels[i] = static_cast<std::uint8_t>(label);
        draw(label % 10, random, images.pixels.data() + i * images.image_size());
    });
    return images;
}

} // namespace

Dataset draw_glyphs(const GlyphOptions& options) {
    // Test images begin where no training image can be.
    constexpr std::size_t first_test = std::size_t{1} << 40;
    return {"glyphs", draw_images(options.train, 0, options), draw_images(options.test, first_test, options)};
}

} // namespace ropewalk::datasets
