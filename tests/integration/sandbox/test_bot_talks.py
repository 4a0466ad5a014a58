"""A bot of python-telegram-bot, unchanged, talks to the local Bot API."""

import asyncio
import io

import pytest
from fakes.sandbox_bot import START, Sandbox, png, sandbox, until
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    Update,
)
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import BadRequest
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
)

from signalbot.sandbox.bot_api.chats import Kind

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Taken", callback_data="t:1")],
        [InlineKeyboardButton("Chart", url="https://example.com/chart")],
    ]
)


async def _with(act):
    async with sandbox() as box:
        await act(box)


def test_a_polling_application_answers_commands_and_presses_and_sees_a_block() -> None:
    seen: list[str] = []

    async def start(update, context):
        seen.append(context.args[0])
        await update.message.reply_html("<b>hi</b>", reply_markup=KEYBOARD)

    async def pressed(update, context):
        seen.append(update.callback_query.data)
        await update.callback_query.answer("Noted", show_alert=True)
        await update.callback_query.edit_message_text("done")

    async def member(update, context):
        seen.append(update.my_chat_member.new_chat_member.status)

    async def act(box: Sandbox) -> None:
        ann = box.telegram.directory.add_person("Ann")
        application = ApplicationBuilder().bot(box.bot).build()
        application.add_handler(CommandHandler("start", start))
        application.add_handler(CallbackQueryHandler(pressed))
        application.add_handler(ChatMemberHandler(member))
        async with application:
            await application.start()
            await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
            box.control.say(ann.id, "/start link")
            await until(lambda: box.texts() == ["hi"])
            query = box.control.press(ann.id, label="Taken")
            await until(lambda: box.texts() == ["hi", "done"])
            answered = await box.telegram.queries.answered(query.id, 5)
            box.control.block(ann.id)
            box.control.unblock(ann.id)
            await until(lambda: len(seen) == 4)
            await application.updater.stop()
            await application.stop()
        assert (answered.text, answered.show_alert) == ("Noted", True)

    asyncio.run(_with(act))
    assert seen == ["link", "t:1", ChatMemberStatus.BANNED, ChatMemberStatus.MEMBER]


def test_a_message_comes_back_with_its_formatting_date_and_reply() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        first = await box.bot.send_message(
            ann.id, "<b>LONG</b> 😀 <code>0.01</code>", ParseMode.HTML
        )
        reply = await box.bot.send_message(ann.id, "x", reply_to_message_id=first.message_id)
        assert first.parse_entities() == dict(zip(first.entities, ("LONG", "0.01"), strict=True))
        assert first.date.timestamp() == START
        assert reply.reply_to_message.text == "LONG 😀 0.01"
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await box.bot.send_message(ann.id, "x", reply_to_message_id=99)

    asyncio.run(_with(act))


def test_a_picture_is_uploaded_once_and_sent_again_by_its_file_id() -> None:
    async def act(box: Sandbox) -> None:
        ann, bob = box.reader(), box.reader("Bob")
        first = await box.bot.send_photo(
            ann.id, io.BytesIO(png()), caption="<i>x</i>", parse_mode="HTML"
        )
        photo = first.photo[-1]
        again = await box.bot.send_photo(bob.id, photo.file_id)
        assert (photo.width, photo.height) == (3, 2)
        assert first.caption_entities[0].type == "italic"
        assert again.photo[-1].file_id == photo.file_id
        file = await box.bot.get_file(photo.file_id)
        assert bytes(await file.download_as_bytearray()) == png()
        with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
            await box.bot.send_photo(bob.id, "AgACAgIAAx")
        with pytest.raises(BadRequest, match="Image_process_failed"):
            await box.bot.send_photo(bob.id, io.BytesIO(b"no picture"))

    asyncio.run(_with(act))


def test_documents_and_albums_arrive() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        sent = await box.bot.send_document(ann.id, b"a,b\n", filename="my record.csv")
        assert (sent.document.file_name, sent.document.file_size) == ("my record.csv", 4)
        album = await box.bot.send_media_group(
            ann.id, [InputMediaPhoto(png()), InputMediaPhoto(png(4, 4), caption="two")]
        )
        assert [message.caption for message in album] == [None, "two"]
        assert len({message.media_group_id for message in album}) == 1
        documents = [InputMediaDocument(sent.document.file_id), InputMediaDocument(b"x")]
        assert len(await box.bot.send_media_group(ann.id, documents)) == 2

    asyncio.run(_with(act))


def test_every_kind_of_edit_changes_the_message_and_drops_an_unsent_keyboard() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        sent = await box.bot.send_message(ann.id, "one", reply_markup=KEYBOARD)
        place = {"chat_id": ann.id, "message_id": sent.message_id}
        box.clock.pass_time(5)
        edited = await box.bot.edit_message_text("two", **place)
        assert (edited.text, edited.reply_markup) == ("two", None)
        assert edited.edit_date.timestamp() == START + 5
        marked = await box.bot.edit_message_reply_markup(reply_markup=KEYBOARD, **place)
        assert marked.reply_markup == KEYBOARD
        with pytest.raises(BadRequest, match="Message is not modified"):
            await box.bot.edit_message_text("two", reply_markup=KEYBOARD, **place)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await box.bot.edit_message_text("two", chat_id=ann.id, message_id=99)
        picture = await box.bot.send_photo(ann.id, png(), caption="old")
        place = {"chat_id": ann.id, "message_id": picture.message_id}
        assert (await box.bot.edit_message_caption(caption="new", **place)).caption == "new"
        other = await box.bot.edit_message_media(InputMediaPhoto(png(9, 9)), **place)
        assert (other.photo[-1].width, other.caption) == (9, None)

    asyncio.run(_with(act))


def test_messages_are_pinned_and_deleted() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        sent = await box.bot.send_message(ann.id, "pin me")
        await box.bot.pin_chat_message(ann.id, sent.message_id)
        assert (await box.bot.get_chat(ann.id)).pinned_message.text == "pin me"
        await box.bot.delete_message(ann.id, sent.message_id)
        assert (await box.bot.get_chat(ann.id)).pinned_message is None
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await box.bot.delete_message(ann.id, sent.message_id)
        await box.bot.unpin_all_chat_messages(ann.id)

    asyncio.run(_with(act))


def test_the_bot_introduces_itself() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        await box.bot.set_my_commands([BotCommand("size", "How much")])
        await box.bot.set_my_commands([BotCommand("taille", "Combien")], language_code="fr")
        assert (await box.bot.get_my_commands())[0].command == "size"
        chat = box.telegram.directory.chat(ann.id)
        assert [item["command"] for item in box.telegram.profile.commands_in(chat)] == ["size"]
        await box.bot.delete_my_commands()
        assert await box.bot.get_my_commands() == ()
        await box.bot.set_my_description("It tells the truth.")
        assert (await box.bot.get_my_description()).description == "It tells the truth."
        await box.bot.set_my_short_description("True.")
        assert (await box.bot.get_my_short_description()).short_description == "True."
        await box.bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        assert (await box.bot.get_chat_menu_button()).type == "commands"
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await box.bot.set_my_commands([BotCommand("no spaces", "x")])

    asyncio.run(_with(act))


def test_the_bot_acts_and_asks_about_chats() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        assert await box.bot.send_chat_action(ann.id, "typing")
        assert box.telegram.action(ann.id) == "typing"
        box.clock.pass_time(5)
        assert box.telegram.action(ann.id) is None
        group = box.telegram.directory.add_chat(Kind.GROUP, "Desk", members=(ann.id,))
        channel = box.telegram.directory.add_chat(
            Kind.CHANNEL, "Signals", username="signals_here", members=(ann.id,)
        )
        assert (await box.bot.get_chat("@Signals_Here")).id == channel.id
        assert (await box.bot.get_chat_member(group.id, ann.id)).status == "creator"
        assert (await box.bot.get_chat_member(channel.id, box.bot.id)).can_post_messages
        assert await box.bot.get_chat_member_count(group.id) == 2
        assert (await box.bot.send_message(channel.id, "post")).sender_chat.id == channel.id
        with pytest.raises(BadRequest, match="User not found"):
            await box.bot.get_chat_member(group.id, 9)

    asyncio.run(_with(act))


def test_a_topic_is_written_to_by_its_number() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        forum = box.telegram.directory.add_chat(
            Kind.SUPERGROUP, "Forum", members=(ann.id,), topics={7: "Signals"}
        )
        sent = await box.bot.send_message(forum.id, "x", message_thread_id=7)
        assert (sent.message_thread_id, sent.chat.is_forum) == (7, True)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await box.bot.send_message(forum.id, "x", message_thread_id=8)

    asyncio.run(_with(act))


def test_a_press_is_answered_once_and_in_time() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        await box.bot.send_message(ann.id, "x", reply_markup=KEYBOARD)
        first, second = box.control.press(ann.id), box.control.press(ann.id, data="t:1")
        await box.bot.answer_callback_query(first.id)
        with pytest.raises(BadRequest, match="Query is too old"):
            await box.bot.answer_callback_query(first.id)
        box.clock.pass_time(61)
        with pytest.raises(BadRequest, match="Query is too old"):
            await box.bot.answer_callback_query(second.id)

    asyncio.run(_with(act))
