package server

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

const schedulesPath = adminPath + "/schedules"

// scheduleRoutes lists the routes of what is to be published at a time.
func (s *Server) scheduleRoutes(admin fiber.Router) {
	admin.Get("/schedules", s.schedules)
	admin.Get("/schedules/:id", s.schedule)
	admin.Delete("/schedules/:id", s.cancelSchedule)
	admin.Post("/:records/:id/schedule", s.scheduleRecord)
}

// scheduleRecord writes down that a record is to be published or unpublished at a time.
func (s *Server) scheduleRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	var req content.ScheduleRequest
	if err := decode(c, &req); err != nil {
		return err
	}
	sc, err := s.editor(c).Schedule(c.UserContext(), ref, req)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	c.Set(fiber.HeaderLocation, schedulesPath+"/"+string(sc.ID))
	return sendData(c, sc)
}

var scheduleStates = []store.ScheduleState{store.ScheduleWaiting, store.ScheduleDone, store.ScheduleFailed, store.ScheduleCancelled}

func (s *Server) schedules(c *fiber.Ctx) error {
	p := query(c, "limit", "after", "state", "record", "course")
	req := content.ScheduleList{
		State: store.ScheduleState(p.values["state"]), Record: p.id("record"), Course: p.id("course"), After: p.id("after"), Limit: p.limit() + 1,
	}
	if p.has("state") && !slices.Contains(scheduleStates, req.State) {
		p.fail("state", fmt.Sprintf("must be one of %v", scheduleStates))
	}
	if err := p.err(); err != nil {
		return err
	}
	rows, err := s.editor(c).Schedules(c.UserContext(), req)
	if err != nil {
		return err
	}
	return sendPart(c, rows, req.Limit-1, func(sc content.Schedule) models.ID { return sc.ID })
}

func (s *Server) schedule(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	sc, err := s.editor(c).ScheduleOf(c.UserContext(), id(c))
	if err != nil {
		return err
	}
	return sendData(c, sc)
}

// cancelSchedule answers with the schedule, which stays in the list as cancelled.
func (s *Server) cancelSchedule(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	sc, err := s.editor(c).CancelSchedule(c.UserContext(), id(c))
	if err != nil {
		return err
	}
	return sendData(c, sc)
}
